/// Where spans live on disk: append-only segment files under the data folder.
@NullMarked
package dev.prguard.store;

import org.jspecify.annotations.NullMarked;
