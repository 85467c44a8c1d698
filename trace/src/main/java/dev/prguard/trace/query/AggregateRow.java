package dev.prguard.trace.query;

import dev.prguard.trace.AttributeValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One group in one interval that has at least one span. Groups come in any order.
///
/// @param interval the interval's number, from 0
/// @param labels a value, or null where it is missing, for each field of `by`. Values of different
///   types are different groups; an array of one element is its element, other arrays are arrays
/// @param count how many spans counted
/// @param numbers SUM, MIN, MAX, AVERAGE: one number (the sum for AVERAGE); QUANTILES: one for each
///   quantile; COUNT: none; LOG2_BUCKETS: one row for each bucket, its bound 2^k here
public record AggregateRow(
    int interval, List<@Nullable AttributeValue> labels, long count, List<Double> numbers) {
  public AggregateRow {
    labels = Collections.unmodifiableList(new ArrayList<>(labels));
    numbers = List.copyOf(numbers);
  }
}
