/// Deterministic rules over changed lines: no key, no network.
@NullMarked
package dev.prguard.review.rules;

import org.jspecify.annotations.NullMarked;
