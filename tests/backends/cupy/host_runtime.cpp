// Runs the threads of kernels as fibres, in an order that is always the same.
//
// A fibre runs until it waits or returns; then the scheduler goes on with the next. Fibres are made once (makecontext)
// and kept; between them it goes by _setjmp and _longjmp, which ask nothing of the system.
#include <algorithm>
#include <csetjmp>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <ucontext.h>
#include <vector>

struct HostIndex {
    unsigned x, y, z;
};

extern "C" {
HostIndex threadIdx{0, 0, 0}, blockIdx{0, 0, 0}, blockDim{1, 1, 1}, gridDim{1, 1, 1};
}

namespace {

constexpr size_t STACK = 128 * 1024;
constexpr size_t GUARD = 64;       // bytes behind a block's shared memory
constexpr int PATIENCE = 10000;    // rounds in which everyone who can run waits in a loop
constexpr uint64_t WRITTEN_BY_NOBODY = 0xa5a5a5a5a5a5a5a5u;

enum class State { ready, spinning, at_barrier, at_warp, done };

struct Fibre {
    jmp_buf jump;
    ucontext_t context; // of the first entry alone
    void* stack = nullptr;
    bool begun = false;
    State state = State::done;
    int thread = 0, line = 0;
    unsigned mask = 0;
    uint64_t value = 0;
    int source = 0;
};

struct Block {
    std::vector<Fibre*> fibres;
    std::vector<unsigned char> memory;
    unsigned char* shared = nullptr;
    unsigned index = 0;
    size_t living = 0, at_barrier = 0, able = 0;
};

std::vector<std::unique_ptr<Fibre>> pool;
jmp_buf scheduler;
Fibre* current = nullptr;
Block* current_block = nullptr;
void (*kernel)(void**) = nullptr;
void** kernel_arguments = nullptr;
std::string complaint;

void complain(const char* form, ...) {
    if (!complaint.empty()) return;
    char text[400];
    va_list values;
    va_start(values, form);
    vsnprintf(text, sizeof text, form, values);
    va_end(values);
    complaint = text;
}

__attribute__((noinline)) void leave(State state, int line) {
    current->state = state;
    current->line = line;
    if (_setjmp(current->jump) == 0) _longjmp(scheduler, 1);
}

void live() {
    for (;;) {
        kernel(kernel_arguments);
        leave(State::done, 0);
    }
}

__attribute__((noinline)) void enter(Fibre* fibre) {
    current = fibre;
    threadIdx.x = static_cast<unsigned>(fibre->thread);
    if (_setjmp(scheduler) != 0) return;
    if (fibre->begun) _longjmp(fibre->jump, 1);
    fibre->begun = true;
    setcontext(&fibre->context);
}

Fibre* make_fibre() {
    auto fibre = std::make_unique<Fibre>();
    fibre->stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fibre->stack == MAP_FAILED) return nullptr;
    getcontext(&fibre->context);
    fibre->context.uc_stack.ss_sp = fibre->stack;
    fibre->context.uc_stack.ss_size = STACK;
    fibre->context.uc_link = nullptr;
    makecontext(&fibre->context, live, 0);
    pool.push_back(std::move(fibre));
    return pool.back().get();
}

void forget_fibres() {
    for (auto& fibre : pool) munmap(fibre->stack, STACK);
    pool.clear();
}

void prepare(Block& block, unsigned index, size_t shared) {
    block.index = index;
    block.living = block.able = block.fibres.size();
    block.at_barrier = 0;
    block.memory.assign(shared + GUARD + 128, 0xff); // as numbers: NaN
    block.shared = block.memory.data() + (128 - reinterpret_cast<uintptr_t>(block.memory.data()) % 128);
    for (size_t i = 0; i < GUARD / 8; i++) memcpy(block.shared + shared + 8 * i, &WRITTEN_BY_NOBODY, 8);
    for (size_t i = 0; i < block.fibres.size(); i++) {
        block.fibres[i]->state = State::ready;
        block.fibres[i]->thread = static_cast<int>(i);
    }
}

void check_guard(const Block& block, size_t shared) {
    for (size_t i = 0; i < GUARD / 8; i++)
        if (memcmp(block.shared + shared + 8 * i, &WRITTEN_BY_NOBODY, 8) != 0)
            complain("block %u wrote behind its %zu bytes of shared memory", block.index, shared);
}

void release_barrier(Block& block) {
    if (block.living == 0 || block.at_barrier != block.living) return;
    const Fibre* first = nullptr;
    for (Fibre* fibre : block.fibres) {
        if (fibre->state != State::at_barrier) continue;
        if (!first) first = fibre;
        if (fibre->line != first->line)
            complain("the barrier is not the same for all threads of block %u: thread %d waits at line %d, thread %d at "
                     "line %d",
                     block.index, first->thread, first->line, fibre->thread, fibre->line);
        fibre->state = State::ready;
    }
    block.able += block.at_barrier;
    block.at_barrier = 0;
}

// Lets the lanes of a warp go on that wait for one another, and brings them what they asked for.
void release_warp(Block& block, const Fibre& asking) {
    const size_t start = static_cast<size_t>(asking.thread) / 32 * 32;
    const size_t lanes = std::min<size_t>(32, block.fibres.size() - start);
    const unsigned mask = asking.mask;
    uint64_t values[32], ballot = 0;
    for (size_t lane = 0; lane < lanes; lane++) {
        const Fibre& other = *block.fibres[start + lane];
        if (!(mask >> lane & 1) || other.state == State::done) continue;
        if (other.state != State::at_warp || other.mask != mask) return;
        if (other.line != asking.line)
            complain("lanes of a warp wait for one another at different lines: thread %d at line %d, thread %d at line %d",
                     asking.thread, asking.line, other.thread, other.line);
        values[lane] = other.value;
        if (other.value) ballot |= uint64_t{1} << lane;
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        Fibre& fibre = *block.fibres[start + lane];
        if (!(mask >> lane & 1) || fibre.state == State::done) continue;
        const size_t source = static_cast<size_t>(fibre.source);
        if (fibre.source < 0) {
            fibre.value = ballot;
        } else if (source < lanes && (mask >> source & 1) && block.fibres[start + source]->state != State::done) {
            fibre.value = values[source];
        } else {
            complain("thread %d of block %u asks at line %d for the number of lane %d, which takes no part", fibre.thread,
                     block.index, fibre.line, fibre.source);
        }
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        Fibre& fibre = *block.fibres[start + lane];
        if (!(mask >> lane & 1) || fibre.state != State::at_warp) continue;
        fibre.state = State::ready;
        block.able++;
    }
}

// A thread that ended may have been the last one that others waited for.
void release_after_end(Block& block, const Fibre& ended) {
    release_barrier(block);
    const size_t start = static_cast<size_t>(ended.thread) / 32 * 32;
    const size_t end = std::min(start + 32, block.fibres.size());
    for (size_t i = start; i < end; i++)
        if (block.fibres[i]->state == State::at_warp) release_warp(block, *block.fibres[i]);
}

// One thread's turn. Returns whether it did more than wait in a loop.
bool take_turn(Block& block, Fibre& fibre) {
    enter(&fibre);
    switch (fibre.state) {
    case State::spinning:
        fibre.state = State::ready;
        return false;
    case State::at_barrier:
        block.able--;
        block.at_barrier++;
        release_barrier(block);
        break;
    case State::at_warp:
        block.able--;
        if (!(fibre.mask >> (fibre.thread % 32) & 1))
            complain("thread %d of block %u is not in the mask that it gives at line %d", fibre.thread, block.index,
                     fibre.line);
        else
            release_warp(block, fibre);
        break;
    default:
        block.able--;
        block.living--;
        release_after_end(block, fibre);
    }
    return true;
}

void complain_of_standstill(const std::vector<Block>& blocks) {
    for (const Block& block : blocks)
        for (const Fibre* fibre : block.fibres)
            if (fibre->state != State::done) {
                const char* where = fibre->state == State::at_barrier ? "at a barrier"
                                    : fibre->state == State::at_warp  ? "for its warp"
                                                                      : "in a loop";
                size_t same = 0;
                for (const Fibre* other : block.fibres) same += other->state == fibre->state && other->line == fibre->line;
                complain("nobody can go on: block %u has %zu living threads; %zu of them, the first is thread %d, wait "
                         "%s at line %d",
                         block.index, block.living, same, fibre->thread, where, fibre->line);
            }
}

// Gives every thread of a block that can run one turn. Returns whether anyone did more than wait in a loop.
bool take_turns(Block& block, bool backward) {
    bool progress = false;
    current_block = &block;
    blockIdx.x = block.index;
    for (size_t i = 0; i < block.fibres.size() && complaint.empty(); i++) {
        Fibre& fibre = *block.fibres[backward ? block.fibres.size() - 1 - i : i];
        if (fibre.state == State::ready) progress |= take_turn(block, fibre);
    }
    return progress;
}

void run_to_the_end(std::vector<Block>& blocks, bool backward) {
    for (int patience = PATIENCE; complaint.empty();) {
        bool progress = false;
        for (size_t b = 0; b < blocks.size(); b++) {
            Block& block = blocks[backward ? blocks.size() - 1 - b : b];
            if (block.able > 0) progress |= take_turns(block, backward);
        }
        size_t living = 0, able = 0;
        for (const Block& block : blocks) living += block.living, able += block.able;
        if (living == 0) return;
        patience = progress ? PATIENCE : patience - 1;
        if (able == 0 || patience == 0) complain_of_standstill(blocks);
    }
}

} // namespace

extern "C" {

void* host_shared() { return current_block->shared; }

void host_barrier(int line) { leave(State::at_barrier, line); }

void host_spin(int line) { leave(State::spinning, line); }

void host_trap(int line) {
    complain("thread %d of block %u stopped itself at line %d", current->thread, current_block->index, line);
    leave(State::done, line);
}

uint64_t host_exchange(int line, unsigned mask, uint64_t value, int source) {
    Fibre* self = current;
    self->mask = mask;
    self->value = value;
    self->source = source;
    leave(State::at_warp, line);
    return self->value;
}

// Returns 0, or 1 with the reason in `message`.
int host_launch(void (*run)(void**), void** arguments, int blocks, int threads, long shared, int together, int backward,
                char* message, int size) {
    const int alive = together ? blocks : 1;
    while (pool.size() < static_cast<size_t>(alive) * static_cast<size_t>(threads))
        if (!make_fibre()) complain("no memory for %d blocks of %d threads", alive, threads);
    std::vector<Block> running(static_cast<size_t>(alive));
    for (size_t b = 0; b < running.size(); b++)
        for (size_t i = 0; i < static_cast<size_t>(threads); i++)
            running[b].fibres.push_back(pool[b * static_cast<size_t>(threads) + i].get());
    kernel = run;
    kernel_arguments = arguments;
    blockDim.x = static_cast<unsigned>(threads);
    gridDim.x = static_cast<unsigned>(blocks);
    for (int done = 0; done < blocks && complaint.empty(); done += alive) {
        for (int b = 0; b < alive; b++) {
            const int index = backward && !together ? blocks - 1 - done : done + b;
            prepare(running[static_cast<size_t>(b)], static_cast<unsigned>(index), static_cast<size_t>(shared));
        }
        run_to_the_end(running, backward != 0);
        for (const Block& block : running) check_guard(block, static_cast<size_t>(shared));
    }
    const bool failed = !complaint.empty();
    snprintf(message, static_cast<size_t>(size), "%s", complaint.c_str());
    if (failed || pool.size() > 8192) forget_fibres();
    complaint.clear();
    return failed;
}
}
