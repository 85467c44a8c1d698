/// The result as text: terminal, JSON, SARIF, Markdown.
@NullMarked
package dev.prguard.review.report;

import org.jspecify.annotations.NullMarked;
