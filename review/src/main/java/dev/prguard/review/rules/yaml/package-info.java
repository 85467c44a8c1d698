/// The program's own YAML files, read quickly.
@NullMarked
package dev.prguard.review.rules.yaml;

import org.jspecify.annotations.NullMarked;
