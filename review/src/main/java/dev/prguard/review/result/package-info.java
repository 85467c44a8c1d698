/// What a review says: findings, risk, coverage, patch, cost.
@NullMarked
package dev.prguard.review.result;

import org.jspecify.annotations.NullMarked;
