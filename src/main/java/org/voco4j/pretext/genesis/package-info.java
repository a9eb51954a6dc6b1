/**
 * Models Genesis: distort and restore (Zhou et al., Models Genesis, MedIA 2021; VoCo's Tables 1, 2, 3 and 11).
 *
 * <p>A crop goes through a chain of distortions (small blocks of shuffled voxels, a curve of intensities, noise in boxes or around them), and
 * a whole network with skip connections restores it; encoder and decoder are handed on.
 *
 * <p>Departures from the code: mirrored axes are x, y, z, where the code's three are the channel, x and y; any crop counts, where the code
 * takes those that are mostly air; crops are resized to the size that goes through the encoder.
 */
@NullMarked
package org.voco4j.pretext.genesis;

import org.jspecify.annotations.NullMarked;
