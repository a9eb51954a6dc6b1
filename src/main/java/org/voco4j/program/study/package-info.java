/** Ways of training beside each other: studies of many arms with paired seeds. */
@NullMarked
package org.voco4j.program.study;

import org.jspecify.annotations.NullMarked;
