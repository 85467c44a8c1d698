/// Whole-process benchmarks, run by `bench/run`.
@NullMarked
package dev.prguard.bench;

import org.jspecify.annotations.NullMarked;
