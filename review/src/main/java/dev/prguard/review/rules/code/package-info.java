/// Programs of five languages in one small form: expressions, statements and functions, read from
/// their syntax trees.
@NullMarked
package dev.prguard.review.rules.code;

import org.jspecify.annotations.NullMarked;
