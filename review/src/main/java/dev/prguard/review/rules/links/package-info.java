/// Which files of a change import one another, found without their trees.
@NullMarked
package dev.prguard.review.rules.links;

import org.jspecify.annotations.NullMarked;
