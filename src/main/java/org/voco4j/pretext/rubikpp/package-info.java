/**
 * Rubik's cube++: twist and restore (Tao et al., Revisiting Rubik's Cube, MICCAI 2020; VoCo's Tables 1 to 5).
 *
 * <p>A crop is cut into slabs along each axis; every second one on average is turned in its plane by quarter turns, axis after axis, and a whole
 * network restores the crop. Encoder and decoder are handed on.
 *
 * <p>The authors' code is not public: the number of slabs, how many of them are turned and the weight of each part of the loss are our
 * reading, and so is the critic, whose loss a recipe turns on.
 */
@NullMarked
package org.voco4j.pretext.rubikpp;

import org.jspecify.annotations.NullMarked;
