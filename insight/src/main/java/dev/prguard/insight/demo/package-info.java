/// Synthetic reviews that look like real ones, for pictures and benchmarks.
@NullMarked
package dev.prguard.insight.demo;

import org.jspecify.annotations.NullMarked;
