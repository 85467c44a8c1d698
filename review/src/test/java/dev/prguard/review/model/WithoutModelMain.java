package dev.prguard.review.model;

import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.PriceBook;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// What a review without a model touches of this package; run in a process of its own.
final class WithoutModelMain {

  private WithoutModelMain() {}

  public static void main(String[] args) {
    ModelSettings settings = ModelSettings.none();
    ModelReviewer reviewer = new ModelReviewer(settings, text -> text);
    CallScope scope =
        new CallScope(
            Context.root(),
            TracerProvider.noop().get("none"),
            Attributes.empty(),
            Budget.unlimited(),
            PriceBook.bundled(),
            InstantSource.system(),
            Instant.MAX);
    System.out.println(
        "ready " + ModelId.defaultFrom(Map.of()).isEmpty() + scope.calls() + (reviewer != null));
  }
}
