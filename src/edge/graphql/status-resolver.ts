import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { JobStatusEvent } from '../../domain/job/status-events.js';
import { abortable } from './abortable.js';
import type { GraphqlContext } from './context.js';
import { JobStatusEventObject } from './types/job.js';

interface WatchArgs {
  readonly jobId?: string | null;
  readonly datasetId?: string | null;
  readonly after?: string | null;
}

@Resolver(() => JobStatusEventObject)
export class StatusResolver {
  @Subscription(() => JobStatusEventObject, {
    description:
      'The current status at once, then every change in order, none left out. With jobId the stream ends after the final status; with datasetId it begins with every job that is not final, or with the last one, reports up to 200 jobs side by side, and ends once the dataset is deleted and the final status of each of its jobs has been sent. Errors: NOT_FOUND, BAD_REQUEST unless a jobId or a datasetId is given.',
    subscribe: ({ args, context }: { args: WatchArgs; context: GraphqlContext }) =>
      abortable((signal) => {
        const request = { jobId: args.jobId ?? undefined, datasetId: args.datasetId ?? undefined };
        return context.useCases.watchJobs({ ...request, after: args.after ?? undefined }, signal);
      }),
  })
  jobStatusChanged(
    @Root() event: JobStatusEvent,
    @Ctx() { shared }: GraphqlContext,
    @Arg('jobId', () => ID, { nullable: true, description: 'Watch one job.' }) _jobId?: string,
    @Arg('datasetId', () => ID, { nullable: true, description: 'Watch all jobs of a dataset.' }) _datasetId?: string,
    @Arg('after', () => ID, {
      nullable: true,
      description:
        'The id of the last event received: what came after it is sent first, and nothing is lost. With datasetId some events may come again, with the same ids: those of jobs that may not have been final when it was sent.',
    })
    _after?: string,
  ): JobStatusEvent {
    shared.forget();
    return event;
  }
}
