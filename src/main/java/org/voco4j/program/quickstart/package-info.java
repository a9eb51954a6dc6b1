/** The whole story in minutes, on synthetic torsos. */
@NullMarked
package org.voco4j.program.quickstart;

import org.jspecify.annotations.NullMarked;
