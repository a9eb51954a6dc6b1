/** Recipes: YAML over a tree of defaults, bound to records, with sentences for what the user got wrong. */
@NullMarked
package org.voco4j.recipe;

import org.jspecify.annotations.NullMarked;
