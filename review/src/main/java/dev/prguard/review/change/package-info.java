/// Where a change comes from: a git repository, a diff file or a forge. Everything in it is hostile
/// input.
@NullMarked
package dev.prguard.review.change;

import org.jspecify.annotations.NullMarked;
