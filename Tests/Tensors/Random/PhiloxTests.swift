import CElementwise
import OrreryTensors
import Testing

/// The generator against its authors' numbers, and its vector form against its plain one.
@Suite struct PhiloxTests {
  /// The known answers of Random123, the reference distribution of Salmon et al. (file kat_vectors).
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
    var words = [UInt32](repeating: 0, count: 4)
    orrery_philox_block(key, counter, &words)
    #expect(words == answer)
  }

  static let paths = [ORRERY_BASELINE, ORRERY_AVX2, ORRERY_AVX512].map { Int32($0.rawValue) }
    .filter { orrery_has_instruction_set($0) != 0 }

  @Test(arguments: PhiloxTests.paths)
  func vectorsAreThePlainBlocks(_ path: Int32) throws {
    let kernels = try #require(orrery_kernels_for(path))
    let stream = orrery_stream(seed: 0x299f_31d0_a409_3822, member: 0xdead_beef, step: 77, place: 0xff01_0200)
    // The second start lies where the block number passes 32 bits.
    for first: UInt64 in [0, 3, (1 << 34) - 10] {
      var words = [UInt32](repeating: 0, count: 203)
      kernels.pointee.words(stream, first, words.count, &words)
      for (place, word) in words.enumerated() {
        let index = first + UInt64(place)
        let block = index / 4
        var reference = [UInt32](repeating: 0, count: 4)
        let counter = [
          UInt32(truncatingIfNeeded: block), stream.member, stream.step, stream.place | UInt32(block >> 32),
        ]
        orrery_philox_block([0xa409_3822, 0x299f_31d0], counter, &reference)
        #expect(word == reference[Int(index % 4)], "draw \(index) on path \(path)")
      }
    }
  }

  /// Every part of the key plan changes the draws.
  @Test func streamsDiffer() {
    let streams = [
      RandomStream(seed: 1, purpose: .test), RandomStream(seed: 1 << 32 | 1, purpose: .test),
      RandomStream(seed: 1, purpose: .probe), RandomStream(seed: 1, purpose: .test, member: 1),
      RandomStream(seed: 1, purpose: .test, layer: 1), RandomStream(seed: 1, purpose: .test, step: 1),
      RandomStream(seed: 1, purpose: .test, layer: 256), RandomStream(seed: 2, purpose: .test),
    ]
    let first = streams.map { $0.word(at: 0) }
    #expect(Set(first).count == streams.count)
  }

  /// The low halves of wide draws come from blocks that no other draw uses.
  @Test func wideDrawsExtendNarrowOnes() {
    let stream = RandomStream(seed: 5, purpose: .test, member: 2, layer: 3, step: 4)
    let wide = stream.uniforms(count: 1000)
    let narrow = stream.floatUniforms(count: 1000)
    for (w, n) in zip(wide, narrow) { #expect(Double(n) == (w * 0x1p24).rounded(.down) * 0x1p-24) }
    #expect(stream.words(count: 50, from: 7) == (7..<57).map { stream.word(at: $0) })
  }
}
