package dev.prguard.trace.query;

import dev.prguard.trace.AttributeValue;
import java.util.List;
import java.util.Objects;

/// A condition on one span, in terms that a store can answer from its columns. There are no
/// coercions: a comparison looks only at values of its operand's own type, so `span.x > 0` sees
/// longs and never doubles. A missing value, or one of another type, does not match, whatever the
/// operator. Of an array, and of the values of several events or links, one that matches is enough.
public sealed interface SpanPredicate {

  /// Each span.
  record Any() implements SpanPredicate {}

  /// All parts match; true when there is none.
  record And(List<SpanPredicate> parts) implements SpanPredicate {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /// One part matches at least; false when there is none.
  record Or(List<SpanPredicate> parts) implements SpanPredicate {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /// The field has a value of any visible type (strings, longs, doubles, booleans, and arrays of
  /// one of them that are not empty).
  record Present(SpanField field) implements SpanPredicate {
    public Present {
      Objects.requireNonNull(field, "field");
    }
  }

  /// A comparison with a constant, which is never an array. Strings compare by their UTF-8 bytes;
  /// booleans take only EQUAL and NOT_EQUAL. -0.0 equals 0.0.
  record Compare(SpanField field, Comparison comparison, AttributeValue operand)
      implements SpanPredicate {
    public Compare {
      Objects.requireNonNull(field, "field");
      Objects.requireNonNull(comparison, "comparison");
      Objects.requireNonNull(operand, "operand");
    }
  }

  /// A string value matches the RE2 pattern as a whole; `.` matches newlines too. With negated set:
  /// there is a string value that does not match.
  record Matches(SpanField field, String pattern, boolean negated) implements SpanPredicate {
    public Matches {
      Objects.requireNonNull(field, "field");
      Objects.requireNonNull(pattern, "pattern");
    }
  }

  enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }
}
