/// Spans as OTLP, the wire and segment format: the one mapping that store, telemetry and service
/// share.
@NullMarked
package dev.prguard.trace.otlp;

import org.jspecify.annotations.NullMarked;
