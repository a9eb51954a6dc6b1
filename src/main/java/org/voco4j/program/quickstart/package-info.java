/** The whole story in minutes, on synthetic torsos: what pre-training gains over training from scratch. */
@NullMarked
package org.voco4j.program.quickstart;

import org.jspecify.annotations.NullMarked;
