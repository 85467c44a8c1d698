/// The `pr-guard` command: all wiring, nothing else.
@NullMarked
package dev.prguard.cli;

import org.jspecify.annotations.NullMarked;
