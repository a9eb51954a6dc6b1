/** Options that several commands take, and how their values are read. */
@NullMarked
package org.voco4j.app.option;

import org.jspecify.annotations.NullMarked;
