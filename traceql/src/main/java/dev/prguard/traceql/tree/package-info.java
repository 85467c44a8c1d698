/// The syntax tree of TraceQL. It knows nothing of execution.
@NullMarked
package dev.prguard.traceql.tree;

import org.jspecify.annotations.NullMarked;
