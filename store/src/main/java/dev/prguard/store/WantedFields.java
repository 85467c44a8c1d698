package dev.prguard.store;

import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of each span a fetch asks for, in terms of a block's columns.
///
/// @param keys attributes of the span; null for all
/// @param name, kind, status, message whether these are read
/// @param origin whether resource or scope are
/// @param rest whether what has no column is
record WantedFields(
    @Nullable Set<String> keys,
    boolean name,
    boolean kind,
    boolean status,
    boolean message,
    boolean origin,
    boolean rest) {

  static final WantedFields ALL = new WantedFields(null, true, true, true, true, true, true);

  static WantedFields of(@Nullable Set<SpanField> fields, BlockSchema schema) {
    if (fields == null) {
      return ALL;
    }
    Set<String> keys = new HashSet<>();
    boolean origin =
        fields.contains(Intrinsic.TRACE_ROOT_SERVICE)
            || fields.contains(Intrinsic.INSTRUMENTATION_NAME)
            || fields.contains(Intrinsic.INSTRUMENTATION_VERSION);
    boolean rest =
        (schema.events()
                && (fields.contains(Intrinsic.EVENT_NAME)
                    || fields.contains(Intrinsic.EVENT_TIME_SINCE_START)))
            || (schema.links()
                && (fields.contains(Intrinsic.LINK_TRACE_ID)
                    || fields.contains(Intrinsic.LINK_SPAN_ID)));
    for (SpanField field : fields) {
      if (field instanceof Attribute(Scope scope, String key)) {
        switch (scope) {
          case SPAN -> keys.add(key);
          case ANY -> {
            keys.add(key);
            origin = true;
          }
          case RESOURCE, INSTRUMENTATION -> origin = true;
          case EVENT -> rest |= schema.events();
          case LINK -> rest |= schema.links();
        }
      }
    }
    rest |= keys.stream().anyMatch(schema.rest()::contains);
    return new WantedFields(
        keys,
        fields.contains(Intrinsic.NAME) || fields.contains(Intrinsic.TRACE_ROOT_NAME),
        fields.contains(Intrinsic.KIND),
        fields.contains(Intrinsic.STATUS),
        fields.contains(Intrinsic.STATUS_MESSAGE),
        origin,
        rest);
  }
}
