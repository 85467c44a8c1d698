/// Where values come from and where they go: evaluates a program's code without running it, and
/// matches its calls.
@NullMarked
package dev.prguard.review.rules.flow;

import org.jspecify.annotations.NullMarked;
