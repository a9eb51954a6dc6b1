/**
 * Geometric visual similarity learning (He et al., CVPR 2023; VoCo's Tables 1 and 3): where in one scan is what another one shows? Bodies are
 * alike in shape, so that what registers them knows what it sees.
 *
 * <p>Of two scans a crop is cut at one place. The first is distorted; both go through one network with a decoder. Its deepest maps give an
 * affine map, its finest ones a flow, which move the second crop onto the first ({@code AffineMove}, {@code Flow}); the finest map of the
 * first also restores it. The loss is the local correlation of what was moved with the first crop ({@code LocalCorrelation}), the error of
 * restoration, and the flow's roughness. Encoder and decoder are handed on.
 *
 * <p>The authors' code (YutingHe-list/GVSL) does not do all that: its affine map is assembled from plain numbers, so that no gradient reaches
 * its head; places are scaled for corners that are points and read as borders of cells, so that a flow of 0 stretches a crop by a voxel; the
 * rows of the affine map stand for z, y, x but its shift for x, y, z. {@code variant: released} is that, {@code paper} what is meant.
 *
 * <p>Departures: scans are cut at a random place instead of being turned and bent together; shuffled blocks and painted boxes are those of
 * Models Genesis; any network for segmentation, whose last layer has 32 channels here, stands for the U-Net. Where the number of scans is odd,
 * one pair of an epoch may be a scan with itself.
 */
@NullMarked
package org.voco4j.pretext.gvsl;

import org.jspecify.annotations.NullMarked;
