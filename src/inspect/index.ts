/**
 * What a file holds, for people and for programs.
 * @module
 */
export {}
