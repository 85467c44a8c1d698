/// TraceQL: text → tree → plan → answer.
@NullMarked
package dev.prguard.traceql;

import org.jspecify.annotations.NullMarked;
