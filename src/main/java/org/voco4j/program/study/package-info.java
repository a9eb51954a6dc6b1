/**
 * Ways of training beside each other: what pre-training gains over training from scratch, and studies of many arms with paired seeds.
 */
@NullMarked
package org.voco4j.program.study;

import org.jspecify.annotations.NullMarked;
