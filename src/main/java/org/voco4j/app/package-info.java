/** The command line and the terminal: the only package that prints or exits. */
@NullMarked
package org.voco4j.app;

import org.jspecify.annotations.NullMarked;
