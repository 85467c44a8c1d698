/// Spans column by column: what a filter and a metrics stage ask of many spans at once. Knows
/// nothing of files.
@NullMarked
package dev.prguard.store.column;

import org.jspecify.annotations.NullMarked;
