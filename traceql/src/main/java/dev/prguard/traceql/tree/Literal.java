package dev.prguard.traceql.tree;

import dev.prguard.trace.SpanRecord;
import java.util.Objects;

/// A constant.
public sealed interface Literal extends FieldExpr {
  record IntLiteral(long value) implements Literal {}

  record FloatLiteral(double value) implements Literal {}

  record StringLiteral(String value) implements Literal {
    public StringLiteral {
      Objects.requireNonNull(value, "value");
    }
  }

  record BoolLiteral(boolean value) implements Literal {}

  /// @param nanos ns
  record DurationLiteral(long nanos) implements Literal {}

  record StatusLiteral(SpanRecord.Status value) implements Literal {}

  record KindLiteral(SpanRecord.Kind value) implements Literal {}

  record NilLiteral() implements Literal {}
}
