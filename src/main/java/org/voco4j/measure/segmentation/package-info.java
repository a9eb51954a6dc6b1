/** Dice, IoU, surface Dice and Hausdorff distance of label maps. */
@NullMarked
package org.voco4j.measure.segmentation;

import org.jspecify.annotations.NullMarked;
