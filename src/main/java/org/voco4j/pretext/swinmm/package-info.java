/**
 * SwinMM, masked multi-view learning (Wang et al., MICCAI 2023; VoCo's Tables 1 to 5): whichever way its axes lie, a crop shows the same.
 *
 * <p>A crop is turned twice about x, by quarter turns, and cells of both views are hidden; each of the two is seen once more with x and another axis
 * exchanged. One loss asks for the turn, one which view is of the same crop, two for the hidden voxels, {@code Restored}, and one that the
 * first view and its third are restored alike. Network and heads are those of Swin-UNETR's pre-training ({@code part.ThreeHeads}). Which cells are
 * hidden and which axes exchanged is drawn once a step ({@code Views}).
 *
 * <p>Paper and released code (UCSC-VLAA/SwinMM) differ where other than half of the cells are hidden: the code keeps the share that it calls the
 * ratio of the mask, and divides the loss by it ({@code variant: released}). The code's fourth view has no agreement of its own; the attention
 * across views, a part of its fine-tuning, is not here.
 *
 * <p>Departures: heads on the mean of the deepest map ({@code head: tokens}: on two of its voxels, as in the code), where small crops leave
 * one voxel.
 */
@NullMarked
package org.voco4j.pretext.swinmm;

import org.jspecify.annotations.NullMarked;
