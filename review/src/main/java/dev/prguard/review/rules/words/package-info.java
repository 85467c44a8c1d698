/// Words and texts that rules look for, found in one pass over a text whatever their number.
@NullMarked
package dev.prguard.review.rules.words;

import org.jspecify.annotations.NullMarked;
