/// Patches: made from findings, offered only when proven.
@NullMarked
package dev.prguard.review.patch;

import org.jspecify.annotations.NullMarked;
