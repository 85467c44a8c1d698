/// GitHub over HTTP: reading a pull request, publishing a review.
@NullMarked
package dev.prguard.review.github;

import org.jspecify.annotations.NullMarked;
