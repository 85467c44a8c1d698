/// The words: span, attribute keys, and what a store of spans must do.
@NullMarked
package dev.prguard.trace;

import org.jspecify.annotations.NullMarked;
