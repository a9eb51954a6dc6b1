/**
 * TransVW: transferable visual words (Haghighi et al., IEEE TMI 2021; VoCo's Tables 2 and 11).
 *
 * <p>The same place of scans on one grid shows the same anatomy in all patients: a word. Crops of words are bent and distorted in one of four
 * ways; a whole network restores them, and a head on its deepest map tells the words apart. Encoder and decoder are handed on.
 *
 * <p>Departures from the code: all scans are neighbours of each other, so that words need no search among them (the code takes the 200 that are
 * most like a drawn one by the features of an auto-encoder); words lie anywhere in the scan, the code's away from its border and where there
 * is little tissue; the bending is in proportion to the crop.
 */
@NullMarked
package org.voco4j.pretext.transvw;

import org.jspecify.annotations.NullMarked;
