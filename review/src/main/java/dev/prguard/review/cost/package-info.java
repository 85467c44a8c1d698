/// What a model call costs: prices with dates, exact money, the ledger of a review.
@NullMarked
package dev.prguard.review.cost;

import org.jspecify.annotations.NullMarked;
