/// Unified diffs, byte for byte: text to files, hunks and lines, and back onto a file.
@NullMarked
package dev.prguard.review.diff;

import org.jspecify.annotations.NullMarked;
