import OrreryTensors

/// Chooses training and test samples.
///
/// Every sample of a pool has a random number of its own, a function of (seed, pool, place in the pool). A class's samples
/// are put in the order of those numbers. Training samples are taken from the start of the order, test samples from the
/// start of the test pool, or, where both come from one pool, from the end: so neither choice depends on how large the
/// other is, and a smaller training set is the beginning of a larger one.
struct SampleChoice {
  /// Places in the pool of each kept class, in the order of the class list; one list of all if there are no labels.
  private(set) var lists: [[Int]]
  let rule: SubsetChoice

  /// - Parameters:
  ///   - labels: one for each sample, or nil.
  ///   - classes: the labels to keep; nil keeps all samples.
  ///   - pool: 0 for the pool of training samples, 1 for a test set of its own.
  init(count: Int, labels: [Int]?, classes: [Int]?, rule: SubsetChoice, seed: UInt64, pool: Int) {
    self.rule = rule
    var places = Array(repeating: [Int](), count: classes?.count ?? 1)
    if let labels, let classes {
      let index = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
      for (place, label) in labels.enumerated() {
        if let list = index[label] { places[list].append(place) }
      }
    } else {
      places[0] = Array(0..<count)
    }
    switch rule {
    case .firstCome: lists = [places.flatMap { $0 }.sorted()]
    case .balanced:
      let keys = RandomStream(seed: seed, purpose: .dataSubset, layer: pool).words(count: count)
      lists = places.map { $0.sorted { (keys[$0], $0) < (keys[$1], $1) } }
    }
  }

  /// The number of samples that are left.
  var count: Int { lists.reduce(0) { $0 + $1.count } }

  /// Takes samples from the start of every list in turn, a list that is used up being passed over.
  mutating func takeFirst(_ number: Int) -> [Int] {
    var taken: [Int] = []
    taken.reserveCapacity(number)
    var position = 0
    while taken.count < number {
      for list in lists where taken.count < number && position < list.count { taken.append(list[position]) }
      position += 1
    }
    let removed = Set(taken)
    lists = lists.map { $0.filter { !removed.contains($0) } }
    return taken
  }

  /// Takes samples from the end of every list in turn; first-come lists keep the order of the file.
  mutating func takeLast(_ number: Int) -> [Int] {
    lists = lists.map { $0.reversed() }
    let taken = takeFirst(number)
    lists = lists.map { $0.reversed() }
    return rule == .firstCome ? taken.reversed() : taken
  }
}
