/// Source text to syntax trees: tree-sitter, kept in a process of its own.
@NullMarked
package dev.prguard.review.syntax;

import org.jspecify.annotations.NullMarked;
