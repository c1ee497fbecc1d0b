/// A way to draw networks of a chain: one per thread, with its own memory.
///
/// Draws: purpose `gramChain`, the member's number, the layer ℓ; normal number j·N_D + α is neuron j's on input α. So a member
/// is the same network whatever the number of networks, of threads, or the sampler (up to its precision).
protocol GramChainSampler: AnyObject {
  /// Fills the chunk with the kernels, layer 2 to L, of `count` members from `first` on.
  func sample(first: Int, count: Int, into chunk: GramChainChunk)
}
