/// Runs queries as Tempo does, in two passes (pkg/traceql and tempodb/encoding of grafana/tempo):
/// the first fetches of each span only the values that some condition of the query asks for, and
/// evaluates the pipeline on these; the second adds what the answer lists.
@NullMarked
package dev.prguard.traceql.engine;

import org.jspecify.annotations.NullMarked;
