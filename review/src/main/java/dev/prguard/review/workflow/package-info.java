/// The five agents in order, each a span: fetch, nitpicker, architect, patch, comment.
@NullMarked
package dev.prguard.review.workflow;

import org.jspecify.annotations.NullMarked;
