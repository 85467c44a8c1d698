/// Model calls: providers, attempts, prompts, and answers treated as data.
@NullMarked
package dev.prguard.review.model;

import org.jspecify.annotations.NullMarked;
