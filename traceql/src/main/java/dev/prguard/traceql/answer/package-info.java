/// Answers on the wire: the JSON of Tempo's HTTP API.
@NullMarked
package dev.prguard.traceql.answer;

import org.jspecify.annotations.NullMarked;
