/// The two seams of a query. Above: [TraceQueries], which takes TraceQL and answers as Tempo does;
/// shipped twice, by the TraceQL engine and by the client of a Tempo. Below: [SpanSource], which
/// hands the engine the spans that may matter; shipped twice, in memory and on disk.
@NullMarked
package dev.prguard.trace.query;

import org.jspecify.annotations.NullMarked;
