/**
 * Training on few labelled scans and many unlabelled ones at once: labels, a pretext task on the same encoder, and labels
 * that an earlier copy of the network gives (Wu et al. 2024, "Large-Scale 3D Medical Image Pre-training", omni-supervised;
 * code: Luffy03/Large-Scale-Medical).
 *
 * <p>Departures: any method of pre-training can be the pretext task; patches that get pseudo-labels are cut like labelled ones
 * instead of being the pretext task's crops; the copy is taken by the run's own count of steps, so that a resumed run takes it too,
 * and it is refused where it segments no better than the most frequent class of every place.
 */
@NullMarked
package org.voco4j.program.semisupervised;

import org.jspecify.annotations.NullMarked;
