/// How well the rules find what matters: labelled sets, noise and speed.
@NullMarked
package dev.prguard.bench.detection;

import org.jspecify.annotations.NullMarked;
